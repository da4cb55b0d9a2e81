/// What is wrong with AWS's shared config and credentials files, or stood in the way of reading or changing them.
package enum ConfigError: Error, Equatable {
  /// `HOME` is not set, so the files' usual places are not known.
  case homeUnknown
  case unreadable(file: String, errno: Int32)
  case malformed(Syntax, at: SourceLocation)
  /// A profile's name holds something else than letters, digits and `-_/.%@:+`.
  case invalidProfileName(String)
  /// A property that would not be read back as it was meant: by its key, or by line ends, comments or space in its value.
  case unwritableProperty(Setting)
  case profileExists(String, at: SourceLocation)
  /// A directory, device or pipe stands where the file should be.
  case notRegular(file: String)
  /// Somebody else changed the file between reading it and replacing it.
  case changedMeanwhile(file: String)
  /// Another daypass is changing a file in the same folder, and did not end in time.
  case busy(file: String)
  case unwritable(file: String, errno: Int32)

  /// What a line does wrong.
  package enum Syntax: Equatable, Sendable {
    /// Bytes that are not UTF-8, or a NUL.
    case notText
    case sectionNotClosed
    case outsideSection
    case continuationWithoutProperty
    case propertyWithoutEquals
    case propertyWithoutName
    case subPropertyWithoutEquals
    case subPropertyWithoutName
  }
}
