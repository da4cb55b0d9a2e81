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
}
