import AWSValues
import Delivery
import Foundation
import Profiles
import TestSupport
import Testing

@testable import AWSServices
@testable import Sessions
@testable import daypass

@Suite struct ManualPageTests {
  @Test func `every command has a page, and every page a command`() throws {
    let expected = try CommandDescription.all().map { "daypass-\($0).1" } + ["daypass.1"]
    #expect(try ManualPage.names(inSection: 1) == expected.sorted())
  }

  @Test func `the overview lists every command and refers to its page`() throws {
    let overview = try ManualPage("daypass")
    for command in try CommandDescription.all() {
      #expect(overview.lines.contains(".It Cm \(command)"))
      #expect(overview.section("SEE ALSO").contains { $0.hasPrefix(".Xr daypass-\(command) 1") })
    }
  }

  @Test(arguments: try CommandDescription.all())
  func `a page explains the options of its command, and no others`(command: CommandDescription) throws {
    let page = try ManualPage("daypass-\(command)")
    #expect(page.listedFlags == command.flags)
    #expect(page.synopsisFlags == command.flags.subtracting(["--help", "-h", "--version"]))
    #expect(page.listedValues == command.values)
  }

  @Test func `no page mentions an option that does not exist`() throws {
    let foreign: Set = ["--profile", "--mfa-token", "--ecs-server"]
    let known = try CommandDescription.all().reduce(into: foreign) { $0.formUnion($1.flags) }
    for page in try ManualPage.all() { #expect(page.mentionedFlags.subtracting(known) == [], "\(page.name)") }
  }

  @Test func `all pages have one date and the version of the binary`() throws {
    let version = try Launch(builtProgram("daypass"), ["--version"]).run().outputText.dropLast()
    let pages = try ManualPage.all()
    #expect(Set(pages.map { $0.argument(of: ".Os") }) == ["daypass \(version)"])
    #expect(Set(pages.map { $0.argument(of: ".Dd") }).count == 1)
    for page in pages {
      // The title stands twice in the header, beside "BSD General Commands Manual" unless the manual is a local one.
      let manual = page.name.count > 22 ? " LOCAL" : ""
      #expect(page.argument(of: ".Dt") == "\(page.name.uppercased()) 1\(manual)")
      #expect(page.argument(of: ".Nm") == page.name)
    }
  }

  /// What people type in the place of other programs' commands.
  @Test func `every command of the page on migrating can be typed`() throws {
    let page = try Project.text("man/daypass-migrate.7")
    let commands = page.matches(of: /(?:Ic |\$ |\$\()daypass ([^)\n]+)/).map { match in
      String(match.1).replacing(/\s[.,]+$/, with: "").split(separator: " ").map(String.init)
    }
    #expect(commands.count > 60)
    for words in commands {
      #expect(throws: Never.self, "\(words)") { try DaypassCommand.parseAsRoot(Habits(words).arguments) }
    }
  }

  @Test(.enabled(if: Installed.has("mandoc"), "mandoc is not installed"))
  func `mandoc finds nothing to warn of`() throws {
    let pages = try Project.names(in: "man").map { Project.path("man/" + $0) }
    let path = try #require(Installed.path(of: "mandoc"))
    let complaints = try Launch(path, ["-Tlint", "-Wwarning"] + pages).run().outputText.split(separator: "\n")
    // A clock that is behind makes every date one of the future.
    #expect(complaints.filter { !$0.contains("date in the future") } == [])
  }
}

// MARK: - What the pages say

@Suite struct ManualContentTests {
  @Test func `the overview lists every exit status, and no other`() throws {
    let entries = try ManualPage("daypass").section("EXIT STATUS").compactMap { line in
      line.hasPrefix(".It ") ? Int32(line.dropFirst(4)) : nil
    }
    #expect(entries == daypass.ExitStatus.allCases.map(\.rawValue))
  }

  @Test func `the overview names every variable that the program knows, and no other`() throws {
    let known = try Project.sources().flatMap { $0.matches(of: /"((?:AWS|DAYPASS)_[A-Z0-9_]+)"/).map { String($0.1) } }
    let lines = try ManualPage("daypass").lines.filter { $0.contains("Ev ") }
    let named = lines.flatMap { $0.matches(of: /(?:AWS|DAYPASS)_[A-Z0-9_]+/).map { String($0.0) } }
    #expect(known.count > 30)
    #expect(Set(named) == Set(known))
  }

  @Test func `the overview names every setting of a profile that is read`() throws {
    let named = ManualPage.words(marked: "Va", in: try ManualPage("daypass").section("FILES"))
    #expect(Set(Setting.allCases.map(\.rawValue)).subtracting(named) == [])
  }

  @Test func `the page of security has what the benchmarks measured last`() throws {
    let outcome = try Launch("/usr/bin/env", ["python3", Project.path("Tests/tables"), "--check"]).run()
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
  }

  @Test func `the page of export explains every format`() throws {
    let page = try ManualPage("daypass-export")
    let entries = page.lines.filter { $0.hasPrefix(".It Cm ") }.map { String($0.dropFirst(7)) }
    #expect(entries == ExportFormat.allCases.map(\.rawValue))
  }

  @Test func `the page of list has every member of its JSON`() throws {
    let entry = ProfileReport.Entry(
      name: "a", source: "s", sourceName: "n", keyProfile: "a", hasKey: true, keyStored: "s", keyAgeDays: 1,
      plainTextKey: "f:1",
      plainTextKeyID: "i", role: "r", mfaSerial: "m", expiration: "e", secondsLeft: 1, problem: "p")
    let about = CachedSession.About(
      source: .key(of: "a"), role: "r", device: "m", scope: "s", issued: .distantPast, expiration: .distantFuture)
    let report = ProfileReport([entry], KeyInventory([], [about], problem: "p", at: .distantPast), width: nil)
    #expect(try documented(in: "daypass-list") == members(of: report))
  }

  @Test func `the page of status has every member of its JSON`() throws {
    var shell = StatusReport.Shell(profile: "p", accessKeyId: "k", source: "s", sourceName: "n", role: "r")
    (shell.mfaSerial, shell.region, shell.scope) = ("m", "r", "s")
    (shell.expiration, shell.secondsLeft) = ("e", 1)
    let signIn = StatusReport.SignIn(
      source: "s", sourceName: "n", signedIn: true, expiration: "e", secondsLeft: 1, refreshable: true)
    let about = CachedSession.About(
      source: .key(of: "a"), role: "r", device: "m", scope: "s", issued: .distantPast, expiration: .distantFuture)
    let report = StatusReport(
      shell: shell, signIns: [signIn], sessions: [.init(about, at: .distantPast)], problem: "p", now: .distantPast)
    #expect(try documented(in: "daypass-status") == members(of: report))
  }

  @Test func `the page of list-buckets has every member of its JSON`() throws {
    let bucket = Bucket(name: "b", creationDate: .distantPast, region: "eu-west-1")
    #expect(try documented(in: "daypass-list-buckets") == members(of: BucketReport([bucket])))
  }

  @Test func `the page of whoami has every member of its JSON`() throws {
    let report = IdentityReport(account: "1", arn: "a", userID: "u")
    #expect(try documented(in: "daypass-whoami") == members(of: report))
  }

  @Test func `the page of doctor has every member of its JSON`() throws {
    let finding = CheckupReport.Finding(check: .shell, what: "w", why: "y", fix: "m")
    let report = CheckupReport(version: "1", checks: [.init(name: .shell, result: .wrong)], findings: [finding])
    #expect(try documented(in: "daypass-doctor") == members(of: report))
  }

  @Test func `the page of explain has every member of its JSON`() throws {
    #expect(try documented(in: "daypass-explain").union(["name"]) == members(of: Explanation.complete))
  }

  @Test func `the page of mfa has every member of its JSON`() throws {
    let device = try #require(MFADevice("arn:aws:iam::123456789012:mfa/bob"))
    let list = [MFADeviceDescription(device: device, enableDate: .distantPast)]
    #expect(try documented(in: "daypass-mfa") == members(of: MFADeviceReport(list, ofProfile: device)))
  }

  @Test func `the page of import has every member of its JSON`() throws {
    let key = ImportReport.Key(
      name: "n", profile: "p", accessKeyId: "i", account: "1", arn: "a", state: .new, problem: "p")
    let report = ImportReport(source: .credentials, keys: [key], advice: [ImportAdvice(about: "a", advice: "b")])
    let overview = ImportOverview(sources: [.init(source: .credentials, place: "p", keys: 1)])
    #expect(try documented(in: "daypass-import") == members(of: report).union(members(of: overview)))
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

// MARK: - Links

@Suite struct LinkTests {
  /// Addresses of the web are for people to follow: tests ask nobody outside this machine.
  @Test(arguments: ["README.md", "Sources/README.md", "Tests/README.md", ".github/CONTRIBUTING.md"])
  func `what a document links to is there`(document: String) throws {
    let links = try Project.text(document).matches(of: /\]\(([^)#]+)[^)]*\)/).map { String($0.1) }
    let folder = URL(filePath: "/" + document).deletingLastPathComponent()
    for link in links where !link.contains(":") && link != "../../releases" {
      let path = folder.appending(path: link).standardized.path
      #expect(FileManager.default.fileExists(atPath: Project.path() + path), "\(document): \(link)")
    }
  }

  @Test func `the pages of daypass that a page refers to are there`() throws {
    let pages = Set(try Project.names(in: "man"))
    for page in pages {
      for reference in try Project.text("man/" + page).matches(of: /\.Xr (daypass[a-z-]*) ([17])/) {
        #expect(pages.contains("\(reference.1).\(reference.2)"), "\(page): \(reference.1)")
      }
    }
  }
}

extension Explanation {
  /// With every member there is.
  fileprivate static var complete: Explanation {
    let fact = Fact(name: "n", value: "v", origin: "o", file: "f", line: 1, note: "n")
    let session = Session(isCached: true, secondsLeft: 1)
    let source = Source(kind: "k", name: "n", parameters: [fact], session: session)
    return Explanation(
      profile: "p", profileVariable: "v", scope: "s", source: source,
      steps: [Step(call: "c", parameters: [fact], session: session, isNeeded: true)], connection: [fact],
      unused: [Unused(name: "n", profile: "p", file: "f", line: 1, reason: "r")])
  }
}

// MARK: - Manual page

/// A page of the manual, in mdoc(7).
struct ManualPage {
  let name: String
  let lines: [String]

  init(_ name: String) throws {
    self.name = name
    lines = try Project.text("man/\(name).1").split(separator: "\n").map(String.init)
  }

  static func names(inSection section: Int) throws -> [String] {
    try Project.names(in: "man").filter { $0.hasSuffix(".\(section)") }
  }

  /// Those of the commands.
  static func all() throws -> [ManualPage] {
    try names(inSection: 1).map { try ManualPage(String($0.dropLast(2))) }
  }

  /// The rest of the first line that begins with `macro`.
  func argument(of macro: String) -> String? {
    lines.first { $0.hasPrefix(macro + " ") }.map { String($0.dropFirst(macro.count + 1)) }
  }

  func section(_ title: String) -> ArraySlice<String> {
    let body = lines.drop { $0 != ".Sh " + title }.dropFirst()
    return body.prefix { !$0.hasPrefix(".Sh ") }
  }

  /// The flags that have an entry of their own: `--json`, `-h`.
  var listedFlags: Set<String> {
    Set(lines.filter { $0.hasPrefix(".It Fl ") }.flatMap(Self.flags))
  }

  var synopsisFlags: Set<String> { Set(section("SYNOPSIS").flatMap(Self.flags)) }
  var mentionedFlags: Set<String> { Set(lines.flatMap(Self.flags)) }

  /// The options listed with a value, with the value's name.
  var listedValues: [String: String] {
    let entries = lines.compactMap { try? /\.It (?:Fl [a-z] , )?Fl -([a-z-]+) Ar (.+)/.wholeMatch(in: $0)?.output }
    return Dictionary(entries.map { ("--" + $0.1, String($0.2)) }) { first, _ in first }
  }

  /// The words marked with `macro`, in the lines given.
  static func words(marked macro: String, in lines: some Sequence<String>) -> Set<String> {
    let marked = lines.filter { $0.split(separator: " ").contains { $0 == macro || $0 == "." + macro } }
    return Set(marked.flatMap { $0.split(separator: " ").map(String.init) })
  }

  /// `Fl -json` and `Fl h , Fl -help`; `Fl - ` is `--` itself.
  private static func flags(in line: String) -> [String] {
    let macros = line.matches(of: /(?:Fl|\|) (-?[a-z][a-z-]*)/).map { "-" + $0.1 }
    return line.hasPrefix(".") && line.contains("Fl ") ? macros : []
  }
}

// MARK: - Command description

/// A command as the binary itself describes it.
struct CommandDescription: Decodable, CustomStringConvertible {
  let commandName: String
  let shouldDisplay: Bool
  let arguments: [Argument]?
  let subcommands: [CommandDescription]?

  struct Argument: Decodable {
    let kind: String
    let names: [Name]?
    let valueName: String?
    /// False for what only our own code for shells uses.
    let shouldDisplay: Bool

    struct Name: Decodable {
      let kind: String
      let name: String
    }
  }

  var description: String { commandName }

  /// Of `daypass`; what swift-argument-parser's `help` adds is no command of ours.
  static func all() throws -> [CommandDescription] {
    struct Dump: Decodable { let command: CommandDescription }
    let outcome = try Launch(builtProgram("daypass"), ["--experimental-dump-help"]).run()
    let root = try JSONDecoder().decode(Dump.self, from: Data(outcome.output)).command
    return (root.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
  }

  /// What can be typed in front of options: `exec`, `mfa list`.
  var typed: [(words: String, command: CommandDescription)] {
    guard let subcommands else { return [(commandName, self)] }
    return subcommands.flatMap(\.typed).map { ("\(commandName) \($0.words)", $0.command) }
  }

  /// The flags and options as they are typed, `--json`, `-h`; those of a group are those of its commands.
  var flags: Set<String> {
    Set(allArguments.flatMap { ($0.names ?? []).map { $0.kind == "short" ? "-" + $0.name : "--" + $0.name } })
  }

  /// The options that take a value, with the value's name.
  var values: [String: String] {
    let options = allArguments.filter { $0.kind == "option" }
    return Dictionary(options.map { ("--" + ($0.names?.first?.name ?? ""), $0.valueName ?? "") }) { first, _ in first }
  }

  private var allArguments: [Argument] {
    (arguments ?? []).filter(\.shouldDisplay) + (subcommands ?? []).flatMap(\.allArguments)
  }
}

// MARK: - Project

/// The checkout that the tests were built from.
enum Project {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func path(_ name: String = "") -> String { folder.appending(path: name).path }

  static func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  /// The text of every Swift file of the program.
  static func sources() throws -> [String] {
    let files = FileManager.default.enumerator(atPath: path("Sources"))?.compactMap { $0 as? String } ?? []
    return try files.filter { $0.hasSuffix(".swift") }.map { try text("Sources/" + $0) }
  }

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
  }
}
