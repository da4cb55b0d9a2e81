/// What a signature is good for: `20150830/us-east-1/sts/aws4_request`.
package struct CredentialScope: CustomStringConvertible, Sendable {
  package let date: String
  package let region: String
  package let service: String

  package var description: String { "\(date)/\(region)/\(service)/aws4_request" }

  init?(_ text: Substring) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 4, parts[3] == "aws4_request", parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    (date, region, service) = (parts[0], parts[1], parts[2])
  }

  /// Whether the region looks like one: `eu-west-1`, `us-gov-east-1`, `us-isob-east-1`.
  var isRegionValid: Bool {
    let parts = region.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, let number = parts.last, !number.isEmpty else { return false }
    return number.utf8.allSatisfy { (0x30...0x39).contains($0) }
      && parts.dropLast().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
  }
}
