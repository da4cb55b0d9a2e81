import Glibc
import Secrets
import TestSupport
import Testing

@testable import Delivery

struct NewFileTests {
  private let folder = ScratchFolder()

  @Test func `a new file is for the user alone, and is removed when asked`() throws {
    let previous = umask(0)
    defer { umask(previous) }
    let file = try NewFile(folder.path("seed.png"), holding: SecretBytes(copying: "made-up"))
    var status = stat()
    #expect(lstat(folder.path("seed.png"), &status) == 0)
    #expect(status.st_mode == S_IFREG | 0o600)
    #expect(try folder.text(of: "seed.png") == "made-up")
    try file.remove()
    #expect(try folder.names() == [])
  }

  @Test func `a file that is there already is left as it is`() throws {
    let path = folder.write("old", to: "seed.png")
    #expect(throws: DeliveryError.fileExists(path: path)) {
      _ = try NewFile(path, holding: SecretBytes(copying: "made-up"))
    }
    #expect(try folder.text(of: "seed.png") == "old")
  }

  @Test(arguments: ["there", "nowhere"])
  func `a link is not followed`(target: String) throws {
    folder.write("old", to: "there")
    let path = folder.path("link")
    #expect(symlink(folder.path(target), path) == 0)
    #expect(throws: DeliveryError.fileExists(path: path)) {
      _ = try NewFile(path, holding: SecretBytes(copying: "made-up"))
    }
    #expect(try folder.names() == ["link", "there"])
    #expect(try folder.text(of: "there") == "old")
  }

  @Test func `a folder that is missing is said`() {
    let path = folder.path("none/seed.png")
    #expect(throws: DeliveryError.fileFailed(path: path, errno: ENOENT)) {
      _ = try NewFile(path, holding: SecretBytes(copying: "made-up"))
    }
  }

  @Test func `a file that somebody put in its place is not removed`() throws {
    let file = try NewFile(folder.path("seed.png"), holding: SecretBytes(copying: "made-up"))
    #expect(rename(folder.write("other", to: "other"), folder.path("seed.png")) == 0)
    try file.remove()
    #expect(try folder.text(of: "seed.png") == "other")
  }
}
