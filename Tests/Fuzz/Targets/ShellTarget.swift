import FoundationEssentials
import Secrets

@testable import Delivery

/// Writes credentials in every format of `export`, and reads them back by the rules of who reads that format.
///
/// The input is the lines key id, secret, token, region and profile.
enum ShellTarget {
  static func check(_ input: [UInt8]) throws {
    let fields = Fields(input)
    for (format, dialect) in [(ExportFormat.sh, ShellReader.Dialect.posix), (.fish, .fish), (.powershell, .powershell)]
    {
      guard let script = try fields.rendered(as: format) else { continue }
      guard let read = ShellReader(script, dialect) else { throw Violation("\(dialect) cannot read \(script)") }
      try demand(read.values == fields.variables, "\(dialect) reads \(read.values)")
      try demand(read.removed.isSuperset(of: CredentialVariables.redirecting), "\(dialect) keeps other credentials")
    }
    if let lines = try fields.rendered(as: .env) {
      try demand(lines == fields.variables.sorted(by: fields.order).map { "\($0)=\($1)\n" }.joined(), "env is \(lines)")
    }
    if let section = try fields.rendered(as: .ini) { try checkSection(section, fields) }
    if let document = try fields.rendered(as: .json) { try checkJSON(document, fields) }
  }

  private static func checkSection(_ section: String, _ fields: Fields) throws {
    guard let read = ReferenceConfig(Array(section.utf8), isConfig: false)?.sections["profile " + fields.profile] else {
      throw Violation("no section of the profile: \(section)")
    }
    try demand(read["aws_access_key_id"] == fields.accessKeyID, "another key id: \(section)")
    try demand(read["aws_secret_access_key"]?.utf8.elementsEqual(fields.secret) == true, "another secret: \(section)")
  }

  private static func checkJSON(_ document: String, _ fields: Fields) throws {
    let read = try JSONDecoder().decode(Document.self, from: Data(document.utf8))
    try demand(read.accessKeyID.utf8.elementsEqual(fields.accessKeyID.utf8), "another key id: \(document)")
    try demand(read.secretAccessKey.utf8.elementsEqual(fields.secret), "another secret: \(document)")
    try demand(read.sessionToken.utf8.elementsEqual(fields.token), "another token: \(document)")
    try demand(document.utf8.filter { $0 == 0x0a }.count == 1, "more than a line: \(document)")
  }

  private struct Document: Decodable {
    let accessKeyID: String
    let secretAccessKey: String
    let sessionToken: String

    enum CodingKeys: String, CodingKey {
      case accessKeyID = "AccessKeyId"
      case secretAccessKey = "SecretAccessKey"
      case sessionToken = "SessionToken"
    }
  }

  private struct Fields {
    let accessKeyID: String
    let secret: [UInt8]
    let token: [UInt8]
    let region: String
    let profile: String

    init(_ input: [UInt8]) {
      var input = FuzzInput(input)
      accessKeyID = input.text()
      (secret, token) = (input.line(), input.line())
      (region, profile) = (input.text(), input.text())
    }

    var variables: [String: String] {
      let isRare = secret.filter { $0 == UInt8(ascii: "'") }.count > 2
      let shown = Planted.bug(in: secret, when: isRare, Array(secret.dropLast()))
      return [
        "AWS_ACCESS_KEY_ID": accessKeyID, "AWS_SECRET_ACCESS_KEY": String(decoding: shown, as: UTF8.self),
        "AWS_SESSION_TOKEN": String(decoding: token, as: UTF8.self), "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region, "AWS_CREDENTIAL_EXPIRATION": "2026-11-21T08:00:00Z",
        "DAYPASS_PROFILE": profile, "DAYPASS_REGION": region, "AWSUME_PROFILE": profile,
      ]
    }

    func order(_ one: (key: String, value: String), _ other: (key: String, value: String)) -> Bool {
      let order = [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_REGION",
        "AWS_DEFAULT_REGION", "DAYPASS_PROFILE", "DAYPASS_REGION", "AWSUME_PROFILE",
      ]
      return (order.firstIndex(of: one.key) ?? 0) < (order.firstIndex(of: other.key) ?? 0)
    }

    /// Nil if it is refused, which must have a reason.
    func rendered(as format: ExportFormat) throws -> String? {
      let credentials = Credentials(
        accessKeyID: accessKeyID, secretAccessKey: SecretBytes(copying: secret.span),
        sessionToken: SecretBytes(copying: token.span), expiration: Date(timeIntervalSince1970: 1_795_248_000))
      do throws(DeliveryError) {
        let variables = CredentialVariables(profile: profile, region: .ofProfile(region))
        let rendered = try format.render(credentials, variables, inherited: EnvironmentBlock(entries: []))
        guard let text = rendered.revealed() else { throw .unusableInFormat(name: "not UTF-8", format: format) }
        return text
      } catch {
        try demand(isOdd || format == .ini || format == .env, "\(format) refused values without a fault: \(error)")
        return nil
      }
    }

    /// Whether some value is empty, not UTF-8, or has control characters in it.
    private var isOdd: Bool {
      [Array(accessKeyID.utf8), secret, token, Array(region.utf8), Array(profile.utf8)].contains { value in
        guard let text = String(validating: value, as: UTF8.self), !text.isEmpty else { return true }
        return text.unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }
      }
    }
  }
}
