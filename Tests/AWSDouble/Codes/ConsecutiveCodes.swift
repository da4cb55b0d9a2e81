/// The two codes of EnableMFADevice and ResyncMFADevice.
struct ConsecutiveCodes {
  let first: String
  let second: String

  init(_ parameters: Parameters) throws(Refusal) {
    first = try Self.code("AuthenticationCode1", parameters)
    second = try Self.code("AuthenticationCode2", parameters)
  }

  private static func code(_ name: String, _ parameters: Parameters) throws(Refusal) -> String {
    let code = try parameters.required(parameters[name], name)
    guard code.utf8.count == 6, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      // Not by `constraint`: its text would repeat the code.
      throw .validation("1 validation error detected: \(name) must have length 6 and satisfy [\\d]+")
    }
    return code
  }
}
