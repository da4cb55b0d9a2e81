internal import CLinux

/// A pipe (pipe(2)) whose ends never wait, and are closed in a program that is started or that we become.
package struct Pipe: ~Copyable {
  package let readEnd: FileDescriptor
  package let writeEnd: FileDescriptor

  /// Nil if there is none to be had; errno(3) says why.
  package init?() {
    var ends: [Int32] = [-1, -1]
    guard unsafe linux_open_pipe(&ends) == 0, let readEnd = FileDescriptor(ends[0]),
      let writeEnd = FileDescriptor(ends[1])
    else { return nil }
    self.readEnd = readEnd
    self.writeEnd = writeEnd
  }
}
