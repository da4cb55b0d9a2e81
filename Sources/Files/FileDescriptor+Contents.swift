extension FileDescriptor {
  /// A config file of 10 000 profiles is 1 MB; what is larger than this is none.
  package static let largestFile = 32 << 20

  /// What the file at `path` holds; nil where there is none. A pipe is waited for as long as `patience` says.
  package static func contents(ofFile path: String, patience: Duration) throws(FileFailure) -> [UInt8]? {
    guard let file = try InputFile.open(path, patience: patience) else { return nil }
    return try file.readAll(limit: largestFile)
  }
}
