import Secrets

extension SecretBytes {
  var bytes: [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] } } }
}
