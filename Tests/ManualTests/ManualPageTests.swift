import Foundation
import TestSupport
import Testing

@Suite struct ManualPageTests {
  @Test func `every command has a page, and every page a command`() throws {
    let expected = try CommandDescription.all().map { "daypass-\($0).1" } + ["daypass.1"]
    #expect(try Project.names(in: "man") == expected.sorted())
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
    let known = try CommandDescription.all().reduce(into: Set<String>()) { $0.formUnion($1.flags) }
    for page in try ManualPage.all() { #expect(page.mentionedFlags.subtracting(known) == [], "\(page.name)") }
  }

  @Test func `all pages have one date and the version of the binary`() throws {
    let version = try Launch(builtProgram("daypass"), ["--version"]).run().outputText.dropLast()
    let pages = try ManualPage.all()
    #expect(Set(pages.map { $0.argument(of: ".Os") }) == ["daypass \(version)"])
    #expect(Set(pages.map { $0.argument(of: ".Dd") }).count == 1)
    for page in pages {
      #expect(page.argument(of: ".Dt") == "\(page.name.uppercased()) 1")
      #expect(page.argument(of: ".Nm") == page.name)
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
