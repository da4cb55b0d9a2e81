import AWSValues
import Delivery
import Foundation
import Secrets
import TestSupport
import Testing

/// Hostile values in the formats that programs read: what is not refused, they read back equal (E3, E4).
@Suite(.enabled(if: Python.isInstalled, Python.isMissing))
struct HostileExportTests {
  @Test func `Python reads every secret back from the JSON, strictly`() throws {
    let texts = HostileValues.all.filter { !$0.isEmpty && String(validating: $0, as: UTF8.self) != nil }
    try expectEqual(texts.map { ($0, try rendered($0, as: .json)) }, readAs: "json", refused: 0)
  }

  @Test(.enabled(if: Installed.has("jq"), "jq is not installed"))
  func `jq reads the same`() throws {
    let texts = HostileValues.crafted.filter { !$0.isEmpty && String(validating: $0, as: UTF8.self) != nil }
    try expectEqual(texts.map { ($0, try rendered($0, as: .json)) }, readAs: "jq", refused: 0)
  }

  @Test func `docker and python-dotenv read an env file alike, or it is refused`() throws {
    let files = HostileValues.all.map { value in (value, try? rendered(value, as: .env) + [0]) }
    try expectEqual(files, readAs: "env", refused: 9_500)
  }

  @Test func `botocore reads every section back, or it is refused`() throws {
    var count = 0
    let sections = HostileValues.all.map { value in
      let section = try? rendered(value, as: .ini, profile: "p\(count)")
      if section != nil { count += 1 }
      return (value, section)
    }
    try expectEqual(sections, readAs: "ini", refused: 9_500)
  }

  /// Has the reader find each value in its document; nil documents were refused, at most `limit` of them.
  private func expectEqual(
    _ documents: [(value: [UInt8], text: [UInt8]?)], readAs format: String, refused limit: Int
  ) throws {
    let written = documents.compactMap { document in document.text.map { (document.value, $0) } }
    #expect(documents.count - written.count <= limit)
    let folder = ScratchFolder()
    try Data(written.flatMap(\.1)).write(to: URL(filePath: folder.path("documents")))
    let outcome = try Launch(
      Python.program("python3"), [Python.script("read_exports"), format, folder.path("documents")]
    ).run(within: 120)
    try #require(outcome.status == .exited(0), "\(outcome.errorText)")
    let read = try JSONDecoder().decode([[String]].self, from: Data(outcome.output))
    #expect(read.count == written.count)
    for (found, (value, _)) in zip(read, written) where found.contains(where: { $0 != value.hexadecimal }) {
      Issue.record("\(format): \(String(decoding: value.prefix(100), as: UTF8.self)) came back as \(found)")
    }
  }

  /// A document in which every value is `value`.
  private func rendered(_ value: [UInt8], as format: ExportFormat, profile: String = "p") throws -> [UInt8] {
    let text = String(decoding: value, as: UTF8.self)
    let credentials = Credentials(
      accessKeyID: text, secretAccessKey: SecretBytes(copying: value.span),
      sessionToken: SecretBytes(copying: value.span), expiration: Date(timeIntervalSince1970: 1_795_248_000))
    let document = try format.render(credentials, of: profile, in: text)
    return document.withBytes { bytes in bytes.indices.map { bytes[$0] } }
  }
}

extension [UInt8] {
  fileprivate var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
