import Glibc
import TestSupport
import Testing

/// The binary as a file.
struct BinaryTests {
  @Test func `the libraries that are opened on first use are not linked`() throws {
    let outcome = try Launch("/usr/bin/ldd", [builtProgram("daypass")]).run()
    #expect(outcome.status == .exited(0))
    #expect(outcome.outputText.contains("libc.so.6"))
    for library in ["libsecret", "libglib", "libcurl", "libcrypto", "libssl", "libexpat"] {
      #expect(!outcome.outputText.contains(library))
    }
  }

  /// The binary that `make` builds, beside the folder of the one that the tests run.
  private static let release = try? builtProgram("../release/daypass")

  @Test(
    .enabled(if: release != nil && Installed.has("readelf"), "needs the release binary, built by make, and readelf"))
  func `the release binary is position independent, relocated before main, and looks for libraries nowhere of ours`()
    throws
  {
    let outcome = try Launch("/usr/bin/readelf", ["-hldW", try #require(Self.release)]).run()
    #expect(outcome.status == .exited(0))
    let text = outcome.outputText
    #expect(text.contains("Type:                              DYN"))
    #expect(text.contains("GNU_RELRO"))
    #expect(text.contains("(FLAGS)              BIND_NOW"))
    #expect(text.contains("Flags: NOW PIE"))
    #expect(!text.contains("RUNPATH") && !text.contains("RPATH"))
    let stack = text.split(separator: "\n").first { $0.contains("GNU_STACK") }
    #expect(stack.map { $0.contains(" RW ") } == true)
  }
}
