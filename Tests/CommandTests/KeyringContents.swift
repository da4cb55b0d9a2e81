import Foundation
import Secrets
import TestSupport

@testable import Sessions

/// The keys of many profiles, in the format in which gnome-keyring keeps a keyring without password; it reads them at its
/// start, in a blink where storing each would take a minute, and encrypts them with the first change.
struct KeyringContents {
  let keys: [(profile: String, key: MadeUpKey)]
  private let stored: Int

  init(profiles count: Int, seed: UInt64, stored: Date = .now) {
    self.stored = Int(stored.timeIntervalSince1970)
    var generator = SeededGenerator(seed: seed)
    keys = (0..<count).map { ("p\($0)", MadeUpKey(using: &generator)) }
  }

  /// Sections for the config file.
  var config: String { keys.map { "[profile \($0.profile)]\n" }.joined() }

  /// Puts them in the place of what `keyring` holds.
  func fill(_ keyring: PrivateKeyring) throws {
    keyring.kill()
    let header = "[keyring]\ndisplay-name=Login\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n"
    let items = keys.enumerated().map { item($0.offset + 1, $0.element.profile, $0.element.key) }
    keyring.bus.scratch.write(header + items.joined(), to: "data/keyrings/login.keyring")
    try keyring.startUnlocked()
    keyring.bus.scratch.makeFolder("home/.aws")
    keyring.bus.scratch.write(config, to: "home/.aws/config")
  }

  private func item(_ number: Int, _ profile: String, _ key: MadeUpKey) -> String {
    let credentials = Credentials(accessKeyID: key.id, secretAccessKey: SecretBytes(copying: key.secret))
    let payload = LongTermKey(credentials: credentials, stored: .now).payload()
    let hex = payload.withBytes { bytes in bytes.indices.map { String(format: "%02x", bytes[$0]) }.joined() }
    let attributes = [
      ("daypass-format", "2"), ("daypass-kind", "key"), ("daypass-profile", profile),
      ("xdg:schema", "io.github.daypass.LongTermKey"),
    ]
    let sections = attributes.enumerated().map { index, attribute in
      "\n[\(number):attribute\(index)]\nname=\(attribute.0)\ntype=string\nvalue=\(attribute.1)\n"
    }
    return "\n[\(number)]\nitem-type=0\ndisplay-name=daypass: AWS access key of \(profile)\nbinary-secret=\(hex)\n"
      + "mtime=\(stored)\nctime=1\n" + sections.joined()
  }
}

// MARK: - Bus monitor

/// All that passes over a private bus, as dbus-monitor(1) records it.
final class BusMonitor {
  private let bus: PrivateBus
  private let monitor: ChildProcess

  init(on bus: PrivateBus) throws {
    self.bus = bus
    monitor = ChildProcess(["dbus-monitor", "--pcap"], environment: bus.environment)
    guard eventually(within: 30, { hasSeen("io.example.Beginning") }) else {
      throw SetupFailure("dbus-monitor: \(monitor.errors)")
    }
  }

  /// What passed until now.
  func record() throws -> String {
    guard eventually(within: 30, { hasSeen("io.example.End") }) else { throw SetupFailure("no end in the record") }
    return monitor.output
  }

  /// Sends a text over the bus as a call's argument, and looks whether it was recorded yet.
  func hasSeen(_ text: String) -> Bool {
    _ = bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", [text])
    return monitor.output.contains(text)
  }
}
