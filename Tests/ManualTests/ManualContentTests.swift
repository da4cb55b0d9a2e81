import AWSValues
import Delivery
import Foundation
import Profiles
import Sessions
import Testing

@testable import AWSServices
@testable import daypass

@Suite struct ManualContentTests {
  @Test func `the overview lists every exit status, and no other`() throws {
    let entries = try ManualPage("daypass").section("EXIT STATUS").compactMap { line in
      line.hasPrefix(".It ") ? Int32(line.dropFirst(4)) : nil
    }
    #expect(entries == daypass.ExitStatus.allCases.map(\.rawValue))
  }

  @Test func `the overview names every variable that the program knows, and no other`() throws {
    let known = try Project.sources().flatMap { $0.matches(of: /"((?:AWS|DAYPASS)_[A-Z_]+)"/).map { String($0.1) } }
    let lines = try ManualPage("daypass").lines.filter { $0.contains("Ev ") }
    let named = lines.flatMap { $0.matches(of: /(?:AWS|DAYPASS)_[A-Z_]+/).map { String($0.0) } }
    #expect(known.count > 30)
    #expect(Set(named) == Set(known))
  }

  @Test func `the overview names every setting of a profile that is read`() throws {
    let named = ManualPage.words(marked: "Va", in: try ManualPage("daypass").section("FILES"))
    #expect(Set(Setting.allCases.map(\.rawValue)).subtracting(named) == [])
  }

  @Test func `the page of export explains every format`() throws {
    let page = try ManualPage("daypass-export")
    let entries = page.lines.filter { $0.hasPrefix(".It Cm ") }.map { String($0.dropFirst(7)) }
    #expect(entries == ExportFormat.allCases.map(\.rawValue))
  }

  @Test func `the page of list has every member of its JSON`() throws {
    let entry = ProfileReport.Entry(
      name: "a", keyProfile: "a", hasKey: true, keyAge: KeyAge(of: .distantPast, at: .distantPast), role: "r",
      mfaSerial: "m", problem: "p")
    let about = CachedSession.About(
      keyProfile: "a", role: "r", device: "m", issued: .distantPast, expiration: .distantFuture)
    let report = ProfileReport(entries: [entry], sessions: [about], now: .distantPast)
    #expect(try documented(in: "daypass-list") == members(of: report))
  }

  @Test func `the page of list-buckets has every member of its JSON`() throws {
    let bucket = Bucket(name: "b", creationDate: .distantPast, region: "eu-west-1")
    #expect(try documented(in: "daypass-list-buckets") == members(of: BucketReport([bucket])))
  }

  @Test func `the page of whoami has every member of its JSON`() throws {
    let identity = CallerIdentity(account: "1", arn: "a", userID: "u")
    #expect(try documented(in: "daypass-whoami") == members(of: IdentityReport(identity)))
  }

  @Test func `the page of mfa has every member of its JSON`() throws {
    let device = try #require(MFADevice("arn:aws:iam::123456789012:mfa/bob"))
    let user = try #require(UserName("bob"))
    let list = [MFADeviceDescription(device: device, userName: user, enableDate: .distantPast)]
    #expect(try documented(in: "daypass-mfa") == members(of: MFADeviceReport(list, ofProfile: device)))
  }

  @Test func `the page of scenario has every member of its JSON`() throws {
    let step = ScenarioDocument.Step(step: "s", expected: "e", happened: "h", held: true)
    let document = ScenarioDocument(
      scenario: "s", run: "r", steps: [step], expiration: "e", removed: [], remaining: [], problem: "p")
    #expect(try documented(in: "daypass-scenario") == members(of: document))
  }

  private func documented(in page: String) throws -> Set<String> {
    Set(try ManualPage(page).lines.filter { $0.hasPrefix(".It Va ") }.map { String($0.dropFirst(7)) })
  }

  /// The names of all members, of every object within.
  private func members(of report: some Report) throws -> Set<String> {
    func names(_ value: Any) -> [String] {
      if let object = value as? [String: Any] { return Array(object.keys) + object.values.flatMap(names) }
      return (value as? [Any])?.flatMap(names) ?? []
    }
    return Set(names(try JSONSerialization.jsonObject(with: Data(report.json().utf8))))
  }
}
