/// A Secret Service that does what the real one never does; `service-double.py` has the behaviours.
package final class ServiceDouble {
  package static let isPossible = Installed.has("openssl") && PythonTool.hasBindings()
  private let process: ChildProcess

  /// `behaviour`: a word, and a method where it has one, as in `error SearchItems`.
  package init(_ behaviour: String, on bus: PrivateBus) throws {
    process = PythonTool.serviceDouble.start(
      behaviour.split(separator: " ").map(String.init), environment: bus.environment)
    guard eventually({ calls.first == "ready" }) else { throw SetupFailure(process.errors) }
  }

  /// The methods that were called, after `ready`.
  package var calls: [String] { process.output.split(separator: "\n").map(String.init) }
}
