import Foundation
import Profiles
import TestSupport
import Testing

struct ConfigWritingTests {
  private let folder: ScratchFolder

  init() throws {
    folder = ScratchFolder()
  }

  private func add(_ name: String) throws {
    try folder.files().editConfig { editor throws(ConfigError) in try editor.addProfile(name, properties: []) }
  }

  private func mode(of name: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: folder.path(name))[.posixPermissions] as? Int)
  }

  @Test func `a missing config file is made for the user alone, and so is its folder`() throws {
    let files = try ConfigFiles(environment: ["HOME": folder.path])
    try files.editConfig { editor throws(ConfigError) in try editor.addProfile("p", properties: []) }
    #expect(try folder.text(of: ".aws/config") == "[profile p]\n")
    #expect(try mode(of: ".aws") == 0o700)
    #expect(try mode(of: ".aws/config") == 0o600)
    #expect(try folder.names(in: ".aws") == ["config"])
  }

  @Test func `whether the config can be changed is found out without a trace`() throws {
    let files = try folder.files()
    try files.requireChangeableConfig()
    #expect(try folder.names() == [])
    folder.write("# mine\n", to: "config")
    try files.requireChangeableConfig()
    #expect(try folder.text(of: "config") == "# mine\n")
    #expect(try folder.names() == ["config"])
  }

  /// As `sudo aws configure` leaves it.
  @Test(.enabled(if: geteuid() == 0, "only root can make a file that is root's"))
  func `a config of root's in the user's folder is refused beforehand, without a trace`() async throws {
    await #expect(processExitsWith: .success) {
      let folder = ScratchFolder()
      folder.write("# root's\n", to: "config", mode: 0o644)
      #expect(chown(folder.path, 65_534, 65_534) == 0)
      #expect(seteuid(65_534) == 0)
      let files = try folder.files()
      let error = #expect(throws: ConfigError.self) { try files.requireChangeableConfig() }
      #expect(error == .unwritable(file: folder.path("config"), .call(EPERM)))
      #expect(try folder.text(of: "config") == "# root's\n")
      #expect(try folder.names() == ["config"])
      #expect(seteuid(0) == 0)
    }
  }

  @Test(arguments: [0o600, 0o644, 0o400])
  func `an existing file keeps its mode`(mode: Int) throws {
    folder.write("# mine\n", to: "config")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path("config"))
    try add("p")
    #expect(try folder.text(of: "config") == "# mine\n\n[profile p]\n")
    #expect(try self.mode(of: "config") == mode)
    #expect(try folder.names() == ["config"])
  }

  @Test(arguments: ["dotfiles/aws", "./dotfiles/../dotfiles/aws", "/"])
  func `a symbolic link is kept and what it leads to replaced`(link: String) throws {
    try FileManager.default.createDirectory(atPath: folder.path("dotfiles"), withIntermediateDirectories: false)
    folder.write("# mine\n", to: "dotfiles/aws")
    let target = link == "/" ? folder.path("dotfiles/aws") : link
    try FileManager.default.createSymbolicLink(atPath: folder.path("second"), withDestinationPath: target)
    try FileManager.default.createSymbolicLink(atPath: folder.path("config"), withDestinationPath: "second")
    try add("p")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("config")) == "second")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("second")) == target)
    #expect(try folder.text(of: "dotfiles/aws") == "# mine\n\n[profile p]\n")
    #expect(try folder.names(in: "dotfiles") == ["aws"])
  }

  @Test func `a link to a file that is not there yet makes the file`() throws {
    try FileManager.default.createSymbolicLink(atPath: folder.path("config"), withDestinationPath: "real")
    try add("p")
    #expect(try folder.text(of: "real") == "[profile p]\n")
    #expect(try folder.names() == ["config", "real"])
  }

  @Test func `links in a circle are refused`() throws {
    try FileManager.default.createSymbolicLink(atPath: folder.path("config"), withDestinationPath: "other")
    try FileManager.default.createSymbolicLink(atPath: folder.path("other"), withDestinationPath: "config")
    #expect(throws: ConfigError.unwritable(file: folder.path("config"), .call(ELOOP))) { try add("p") }
  }

  @Test func `what is no regular file is refused`() throws {
    try FileManager.default.createDirectory(atPath: folder.path("config"), withIntermediateDirectories: false)
    #expect(throws: ConfigError.unwritable(file: folder.path("config"), .notRegular)) { try add("p") }
    #expect(try folder.names() == ["config"])
  }

  @Test func `a folder that cannot be made is named with the file`() throws {
    let files = try ConfigFiles(environment: ["HOME": folder.path("no/home")])
    #expect(throws: ConfigError.unwritable(file: folder.path("no/home/.aws/config"), .call(ENOENT))) {
      try files.editConfig { editor throws(ConfigError) in try editor.addProfile("p", properties: []) }
    }
  }

  @Test func `a malformed file stays as it is`() throws {
    folder.write("word", to: "config")
    let location = SourceLocation(file: folder.path("config"), line: 1)
    #expect(throws: ConfigError.malformed(.outsideSection, at: location)) { try add("p") }
    #expect(try folder.text(of: "config") == "word")
    #expect(try folder.names() == ["config"])
  }

  @Test func `a change by somebody else meanwhile is not lost`() throws {
    folder.write("# old\n", to: "config")
    let path = folder.path("config")
    #expect(throws: ConfigError.unwritable(file: path, .modifiedConcurrently)) {
      try folder.files().editConfig { editor throws(ConfigError) in
        #expect(throws: Never.self) { folder.write("# theirs\n", to: "config") }
        try editor.addProfile("p", properties: [])
      }
    }
    #expect(try folder.text(of: "config") == "# theirs\n")
    #expect(try folder.names() == ["config"])
  }

  @Test func `a file that somebody else makes meanwhile is not replaced`() throws {
    #expect(throws: ConfigError.unwritable(file: folder.path("config"), .modifiedConcurrently)) {
      try folder.files().editConfig { editor throws(ConfigError) in
        #expect(throws: Never.self) { folder.write("# theirs\n", to: "config") }
        try editor.addProfile("p", properties: [])
      }
    }
    #expect(try folder.text(of: "config") == "# theirs\n")
  }

  @Test func `an edit that changes nothing writes nothing`() throws {
    folder.write("[profile p]\nregion = a\n", to: "config")
    let before = try FileManager.default.attributesOfItem(atPath: folder.path("config"))[.systemFileNumber] as? Int
    try folder.files().editConfig { editor throws(ConfigError) in try editor.setProperty(.region, to: "a", in: "p") }
    #expect(
      try FileManager.default.attributesOfItem(atPath: folder.path("config"))[.systemFileNumber] as? Int == before)
  }

  @Test func `a full disk leaves the old file and nothing else`() async throws {
    await #expect(processExitsWith: .success) {
      let folder = ScratchFolder()
      folder.write("# old\n", to: "config")
      // A file that may not grow past a limit fails to be written like one on a full disk, with another number.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 10, rlim_max: 10)
      #expect(setrlimit(__rlimit_resource_t(1), &limit) == 0)
      let error = #expect(throws: ConfigError.self) {
        try folder.files().editConfig { editor throws(ConfigError) in try editor.addProfile("p", properties: []) }
      }
      let isRight = error == .unwritable(file: folder.path("config"), .call(EFBIG))
      let isOld = try folder.text(of: "config") == "# old\n" && folder.names() == ["config"]
      exit(isRight && isOld ? 0 : 1)
    }
  }

  @Test func `edits at the same time are all kept`() async throws {
    let files = try folder.files()
    try await withThrowingTaskGroup { group in
      for index in 0..<20 {
        group.addTask {
          try files.editConfig { editor throws(ConfigError) in try editor.addProfile("p\(index)", properties: []) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try files.read().names.count == 20)
  }
}

// MARK: - Config lock tests

/// What other processes of ours that change the same files, or were killed while they did, mean for a change.
struct ConfigLockTests {
  private let folder = ScratchFolder()

  private func add(_ name: String, timeout: Duration = .seconds(10)) throws {
    var files = try folder.files()
    files.timeout = timeout
    try files.editConfig { editor throws(ConfigError) in try editor.addProfile(name, properties: []) }
  }

  @Test func `a process that holds the lock and never ends is waited for, but not for ever`() throws {
    folder.write("# mine\n", to: "config")
    let other = open(folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(other) }
    try #require(flock(other, LOCK_EX) == 0)
    #expect(throws: ConfigError.unwritable(file: folder.path("config"), .busy)) {
      try add("p", timeout: .milliseconds(30))
    }
    #expect(try folder.text(of: "config") == "# mine\n")
    #expect(try folder.names() == ["config"])
    flock(other, LOCK_UN)
    try add("p", timeout: .milliseconds(30))
    #expect(try folder.text(of: "config") == "# mine\n\n[profile p]\n")
  }

  @Test func `the user's timeout is ten seconds`() throws {
    #expect(try folder.files().timeout == .seconds(10))
  }

  @Test func `a file that a killed process left behind is removed by the next change`() throws {
    folder.write("half of it", to: ".config.daypass-1f3a")
    folder.write("half of it", to: ".config.daypass-0")
    try add("p")
    #expect(try folder.names() == ["config"])
  }

  @Test func `nothing is removed that is not a file of ours`() throws {
    let others = [
      ".config.daypass-", ".config.daypass-1G", ".credentials.daypass-1f", "config.daypass-1f", ".config.x",
    ]
    for name in others { folder.write("theirs", to: name) }
    folder.makeFolder(".config.daypass-2a")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(".config.daypass-3b"), withDestinationPath: folder.path(".config.x"))
    try add("p")
    #expect(try folder.names() == (others + [".config.daypass-2a", ".config.daypass-3b", "config"]).sorted())
  }
}
