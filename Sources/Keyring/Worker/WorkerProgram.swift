/// The program that serves as keyring worker: daypass itself, told so by its arguments.
package struct WorkerProgram: Sendable {
  package var path: String
  /// All of them, the program's name first.
  package var arguments: [String]

  package init(path: String, arguments: [String]) {
    self.path = path
    self.arguments = arguments
  }
}
