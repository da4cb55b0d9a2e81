import AWSDouble
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// Looks for the secrets of a scene where none may be, in every form they could have.
struct SecretSweep {
  private let scene: Scene
  private let forms: [SecretForms]

  init(_ scene: Scene) {
    self.scene = scene
    forms = scene.double.secrets.map(SecretForms.init)
  }

  /// Which secrets and codes `bytes` hold, by their beginnings; a document may hold secrets as they are.
  func leaks(in bytes: [UInt8], meant: Bool = false) -> [String] {
    secrets(in: bytes, meant: meant) + codes(in: bytes)
  }

  func secrets(in bytes: [UInt8], meant: Bool = false) -> [String] {
    let data = Data(bytes)
    return forms.flatMap { forms in
      (meant ? forms.encoded : forms.encoded + [forms.raw]).filter { data.range(of: Data($0)) != nil }
    }.map { String(decoding: $0.prefix(12), as: UTF8.self) }
  }

  /// The files of the scene that hold a secret, but for the keyring's own and those in `given`, which came with one.
  func files(except given: Set<String> = []) throws -> [String] {
    let root = scene.scratch.path
    return try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
      let path = "\(root)/\(path)"
      guard !path.hasPrefix(scene.keyring.folder), !given.contains(path), isFile(path) else { return false }
      return FileManager.default.contents(atPath: path).map { !leaks(in: Array($0)).isEmpty } ?? false
    }.map { "\(root)/\($0)" }
  }

  /// MFA codes that were typed, as numbers of their own.
  private func codes(in bytes: [UInt8]) -> [String] {
    let numbers = bytes.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return numbers.map { String(decoding: $0, as: UTF8.self) }.filter(scene.usedCodes.contains)
  }

  /// Not the link to the binary.
  private func isFile(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType == .typeRegular
  }
}

// MARK: - Secret forms

/// A secret in the forms in which it could get out.
struct SecretForms {
  let raw: [UInt8]
  /// Hexadecimal, Base64 at any offset, percent-encoded, UTF-16, escaped for JSON.
  let encoded: [[UInt8]]

  init(of secret: String) {
    let bytes = Array(secret.utf8)
    raw = bytes
    let hexadecimal = bytes.map { String(0x100 + Int($0), radix: 16).suffix(2) }.joined()
    let percent = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret
    let base64 = (0..<3).map { Self.base64(bytes, after: $0) }
    let url = base64.map { $0.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_") }
    var texts: [String] = [hexadecimal, hexadecimal.uppercased(), percent, percent.lowercased(), Self.escaped(secret)]
    texts += base64
    texts += url
    let little: [UInt8] = bytes.flatMap { (byte: UInt8) -> [UInt8] in [byte, 0] }
    let big: [UInt8] = bytes.flatMap { (byte: UInt8) -> [UInt8] in [0, byte] }
    let all: [[UInt8]] = texts.map { Array($0.utf8) } + [little, big]
    encoded = all.filter { $0 != bytes }
  }

  /// Those that are in `text`.
  func found(in text: String) -> [String] {
    ([raw] + encoded).map { String(decoding: $0, as: UTF8.self) }.filter(text.contains)
  }

  /// The characters that stand for the secret alone, if `offset` other bytes come before it.
  private static func base64(_ bytes: [UInt8], after offset: Int) -> String {
    let text = Data(Array(repeating: 0, count: offset) + bytes).base64EncodedString()
    let last = (offset + bytes.count) * 8 / 6
    return String(text.prefix(last).dropFirst((offset * 8 + 5) / 6))
  }

  private static func escaped(_ text: String) -> String { text.replacingOccurrences(of: "/", with: "\\/") }
}

// MARK: - Leak tally

/// Counts what was searched for secrets after the end-to-end cases; the figure is published when the process ends.
enum LeakTally {
  private static let counts = Mutex((cases: 0, places: 0, leaks: 0))
  private static let publishing: Void = { _ = atexit { LeakTally.publishFigure() } }()

  /// Records what was found in the places where a case could have left a secret; every one fails the test.
  static func record(_ name: String, _ places: [String: [String]]) {
    _ = publishing
    let found = places.filter { !$0.value.isEmpty }
    counts.withLock { $0 = ($0.cases + 1, $0.places + places.count, $0.leaks + found.count) }
    for (place, leaks) in found { Issue.record("\(name): \(place) holds \(leaks)") }
  }

  private static func publishFigure() {
    let counts = counts.withLock { $0 }
    publish(
      figure: "leaks over the end-to-end cases",
      "\(counts.leaks) (\(counts.cases) runs, \(counts.places) outputs, files, command lines and environments searched)"
    )
  }
}

// MARK: - Trace

/// What strace saw of a command and all its processes: which programs were started how, and what was made or opened for
/// writing.
struct Trace {
  /// Only root sees the strings of processes that hide their memory.
  static let isPossible: Bool = {
    guard geteuid() == 0, Installed.has("strace") else { return false }
    let outcome = try? Launch("/usr/bin/strace", ["-f", "--seccomp-bpf", "-o", "/dev/null", "/bin/true"]).run()
    return outcome?.status == .exited(0)
  }()

  private let lines: [Substring]

  init(of text: String) { lines = text.split(separator: "\n") }

  /// The arguments of every program that was started, as strace quotes them.
  var arguments: [String] {
    executions.compactMap { $0.split(separator: "], [", maxSplits: 1).first.map(String.init) }
  }

  /// The paths that calls made or opened for writing.
  var written: [String] {
    lines.filter(Self.writes).flatMap { (line: Substring) -> [String] in
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      return stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) }
    }
  }

  private static func writes(_ line: Substring) -> Bool {
    guard !line.contains(" = -1 "), !line.contains("execve(") else { return false }
    return !line.contains("open") || ["O_WRONLY", "O_RDWR", "O_CREAT"].contains { line.contains($0) }
  }

  private var executions: [Substring] { lines.filter { $0.contains("execve(") && !$0.contains(" = -1 ") } }
}

extension Launch {
  /// The same under strace, which writes to `file`.
  func traced(to file: String) -> Launch {
    var launch = self
    let calls = "execve,execveat,open,openat,creat,mkdir,mkdirat,mknod,mknodat,link,linkat,symlink,symlinkat,rename,"
    let options = ["-f", "-qq", "--seccomp-bpf", "-v", "-s", "100000", "-e", "signal=none", "-o", file]
    launch.arguments = options + ["-e", "trace=\(calls)renameat,renameat2", path] + arguments
    launch.path = "/usr/bin/strace"
    return launch
  }
}
