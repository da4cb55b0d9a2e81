import Glibc

/// The path of an executable that was built beside the tests.
package func builtProgram(_ name: String) throws -> String {
  var path = [CChar](repeating: 0, count: 4_096)
  guard readlink("/proc/self/exe", &path, path.count - 1) > 0 else { throw LaunchError(path: "self", errno: errno) }
  let folder = text(path).split(separator: "/").dropLast().joined(separator: "/")
  let program = "/\(folder)/\(name)"
  guard access(program, X_OK) == 0 else { throw LaunchError(path: program, errno: errno) }
  return program
}

/// The text before the first NUL.
func text(_ characters: [CChar]) -> String {
  String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
