import Foundation
import TestSupport
import Testing

/// The packages of the release binaries, looked into without being installed; `make package-test` installs them.
@Suite(
  .waiting,
  .enabled(if: releaseFolder != nil, "needs the release binaries: make test"),
  .enabled(
    if: Installed.has("make", "dpkg-deb", "dpkg-shlibdeps", "python3", "swiftc"), "needs make, dpkg-dev and python3"))
struct PackageTests {
  /// Packed once for all tests.
  private static let packed = Result { try Packages() }
  private let packages: Packages

  init() throws { packages = try Self.packed.get() }

  @Test func `the Debian package has the binaries, the pages and the completions, all of root's`() throws {
    let package = try packages.path(".deb")
    let listing = try run("dpkg-deb", "--contents", package).split(separator: "\n").map { $0.split(separator: " ") }
    let files = listing.filter { $0[0].hasPrefix("-") }
    let documents = [
      "NOTICE.swift-nio", "changelog.Debian.gz", "changelog.gz", "copyright", "daypass.spdx.json",
    ]
    let pages = try Project.names(in: "man").map { "share/man/man\($0.last ?? "1")/\($0).gz" }
    let programs = ["bin/daypass", "libexec/daypass/daypass-server"]
    let shared =
      documents.map { "share/doc/daypass/" + $0 } + pages + [
        "share/bash-completion/completions/daypass", "share/zsh/vendor-completions/_daypass",
        "share/fish/vendor_completions.d/daypass.fish", "share/lintian/overrides/daypass",
      ]
    #expect(files.map { String($0[5]) }.sorted() == (programs + shared).map { "./usr/" + $0 }.sorted())
    #expect(listing.allSatisfy { $0[1] == "root/root" })
    for file in files {
      let isProgram = programs.contains { file[5].hasSuffix("usr/" + $0) }
      #expect(file[0] == (isProgram ? "-rwxr-xr-x" : "-rw-r--r--"), "\(file[5])")
    }
  }

  @Test func `the Debian package depends on what the binaries open when they use it`() throws {
    let package = try packages.path(".deb")
    let version = try run(builtProgram("daypass"), "--version").trimmingCharacters(in: .newlines)
    #expect(try run("dpkg-deb", "--field", package, "Version").hasPrefix(version))
    let architecture = try run("dpkg-deb", "--field", package, "Architecture")
    #expect(try architecture == run("dpkg", "--print-architecture"))
    let depends = try run("dpkg-deb", "--field", package, "Depends")
    for name in ["libc6 (>= ", "libcurl4", "libexpat1", "libsecret-1-0", "libssl3"] {
      #expect(depends.contains(name))
    }
    // These are linked statically.
    #expect(!depends.contains("libstdc++") && !depends.contains("libgcc"))
  }

  @Test func `the same binaries give the same bytes, whoever packs them where`() throws {
    let others = try Packages(umask: "077", environment: ["TZ=Asia/Tokyo", "LC_ALL=C.UTF-8"])
    #expect(try packages.folder.text(of: "SHA256SUMS") == others.folder.text(of: "SHA256SUMS"))
    try run("sh", "-c", "cd '\(packages.folder.path)' && sha256sum --check --quiet SHA256SUMS")
  }

  @Test func `the tarball installs where it is told to, and removes itself without a trace`() throws {
    let scratch = ScratchFolder()
    try run("tar", "-xzf", packages.path(".tar.gz"), "--strip-components=1", "-C", scratch.makeFolder("unpacked"))
    let installer = scratch.path("unpacked/install.sh")
    let prefix = scratch.path("a prefix")
    let version = try run(builtProgram("daypass"), "--version")
    #expect(try run(installer, "--prefix", prefix) == "daypass \(version.dropLast()) is in \(prefix)/bin\n")
    #expect(try run(prefix + "/bin/daypass", "--version") == version)
    for file in try Project.names(in: "man") {
      #expect(Files.contents(below: prefix + "/share/man").keys.contains { $0.hasSuffix(file) })
    }
    try run(installer, "--uninstall", "--prefix", prefix)
    #expect(Files.contents(below: prefix).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: prefix + "/libexec/daypass"))
  }

  @Test func `the SPDX document lists what is linked into each binary, with the version that was resolved`() throws {
    let json = try Data(contentsOf: URL(filePath: packages.path(".spdx.json")))
    let document = try JSONDecoder().decode(SPDX.self, from: json)
    #expect(document.spdxVersion == "SPDX-2.3")
    let inBoth = ["gcc-runtime", "swift-runtime"]
    let inServer = ["CNIOLLHTTP", "swift-atomics", "swift-collections", "swift-nio"]
    #expect(document.linked(into: "daypass") == (inBoth + ["swift-argument-parser"]).sorted())
    #expect(document.linked(into: "daypass-server") == (inServer + inBoth).sorted())
    for package in document.packages where package.name.hasPrefix("swift-") && package.name != "swift-runtime" {
      #expect(try Project.text("Package.resolved").contains("\"version\" : \"\(package.versionInfo)\""))
    }
    for package in inServer + ["swift-argument-parser"] {
      #expect(try Project.text(".packaging/copyright").contains("/\(package)/*\nCopyright: "))
    }
    #expect(document.packages.allSatisfy { !$0.licenseConcluded.isEmpty && !$0.versionInfo.isEmpty })
  }

  private struct SPDX: Decodable {
    let spdxVersion: String
    let packages: [Package]
    let relationships: [Relationship]

    struct Package: Decodable { let name, versionInfo, licenseConcluded: String }
    struct Relationship: Decodable { let spdxElementId, relationshipType, relatedSpdxElement: String }

    func linked(into binary: String) -> [String] {
      let links = relationships.filter {
        $0.relationshipType == "STATIC_LINK" && $0.spdxElementId == "SPDXRef-File-" + binary
      }
      return links.map { $0.relatedSpdxElement.replacing("SPDXRef-", with: "") }.sorted()
    }
  }

  @discardableResult
  private func run(_ program: String, _ arguments: String...) throws -> String {
    let path = program.contains("/") ? program : try #require(Installed.path(of: program))
    let outcome = try Launch(path, arguments).run(within: 300)
    try #require(outcome.status == .exited(0), "\(program): \(outcome.errorText)")
    return outcome.outputText
  }
}

/// Both packages, made as of a fixed commit.
private struct Packages {
  let folder = ScratchFolder()

  init(umask: String = "022", environment: [String] = []) throws {
    let script = "umask \(umask); exec '\(Project.path(".packaging/pack"))' \"$@\""
    let path = try #require(ProcessInfo.processInfo.environment["PATH"])
    let launch = Launch(
      "/bin/sh", ["-c", script, "pack", try builtProgram("daypass"), folder.path, "deb", "tarball"],
      environment: ["PATH=\(path)", "SOURCE_DATE_EPOCH=1700000000", "LEVEL=1"] + environment)
    let outcome = try launch.run(within: 300)
    try #require(outcome.status == .exited(0), "\(outcome.errorText)")
  }

  func path(_ suffix: String) throws -> String {
    try folder.path(#require(folder.names().first { $0.hasSuffix(suffix) }))
  }
}
