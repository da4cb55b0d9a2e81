/// What is easier said in Python than in Swift, beside this file. Debian's own Python has the bindings that they need.
enum PythonTool: String {
  case prompter
  case heldBus = "held-bus"
  case serviceDouble = "service-double"

  func start(_ arguments: [String], environment: [String: String]) -> ChildProcess {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return ChildProcess(
      ["env", Self.python, "/\(folder)/\(rawValue).py"] + arguments, environment: environment)
  }

  private static let python = "/usr/bin/python3"

  /// Whether Debian's Python can load these modules of GObject introspection.
  static func hasBindings(_ modules: String...) -> Bool {
    let requirements = modules.map { "gi.require_version('\($0)', '3'); " }.joined()
    let program = "import gi; \(requirements)from gi.repository import Gio"
    return ChildProcess.run(["env", python, "-c", program], environment: [:]).status == 0
  }
}
