import Foundation
import TestSupport

/// A command that needs the keyring, in a form that would succeed if all were well.
enum KeyringCommand: String, CaseIterable {
  case whoami = "whoami alice --no-session"
  case add = "add bob --stdin --no-verify"
  case list
  case remove = "remove alice --force"
  case exec = "exec alice --no-session -- echo it runs"
  case credentialProcess = "credential-process alice --no-session"

  var input: String {
    switch self {
    case .add: "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n"
    case .whoami, .list, .remove, .exec, .credentialProcess: ""
    }
  }

  /// The call of the Secret Service that this command is about, and that something may come before.
  var decisiveCall: String {
    switch self {
    case .whoami, .exec, .credentialProcess: "GetSecrets"
    case .add: "CreateItem"
    case .list: "SearchItems"
    case .remove: "Delete"
    }
  }
}

extension KeyringCommand {
  /// Starts it, on the bus at `address` where that is not the scene's.
  func start(in scene: Scene, onBus address: String? = nil) throws -> Attempt {
    var launch = scene.launch("exec daypass \(rawValue)")
    if let address {
      launch.environment.removeAll { $0.starts(with: Array("DBUS_SESSION_BUS_ADDRESS=".utf8)) }
      launch.environment.append(Array("DBUS_SESSION_BUS_ADDRESS=\(address)".utf8))
    }
    launch.input = scene.scratch.write(input, to: "input-\(self)")
    return Attempt(command: self, process: try launch.start(), start: .now)
  }

  /// Runs it; `interruption` happens before its decisive call arrives.
  func run(in scene: Scene, interruptedBy interruption: (Scene, HeldBus) throws -> Void) throws -> Attempt.Outcome {
    let held = try HeldBus(before: scene.keyring.bus, holding: decisiveCall)
    let attempt = try start(in: scene, onBus: held.address)
    try held.waitForCall()
    try interruption(scene, held)
    return try attempt.outcome()
  }
}
