import FoundationEssentials

/// A virtual MFA device; it belongs to the user it is listed under, or to nobody yet.
package struct VirtualMFADevice: Codable, Sendable {
  package var serial: String
  /// The shared secret as IAM shows it: base32, without padding.
  package var seed: String
  package var enabled = Date(timeIntervalSince1970: 1_767_225_600)

  package var tags: [String: String] = [:]
  /// How many steps its clock is ahead, as ResyncMFADevice found out.
  var drift = 0

  package init(serial: String, seed: String) {
    (self.serial, self.seed) = (serial, seed)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case serial, seed, enabled, tags }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    serial = try fields.decode(String.self, forKey: .serial)
    seed = try fields.decode(String.self, forKey: .seed)
    enabled = try fields.value(.enabled, or: enabled)
    tags = try fields.value(.tags, or: [:])
    if Base32.decode(seed) == nil {
      throw DecodingError.dataCorruptedError(forKey: .seed, in: fields, debugDescription: "not base32")
    }
  }
}
