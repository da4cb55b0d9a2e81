package import POSIX

/// What is wrong with AWS's shared config and credentials files, or stood in the way of reading or changing them.
package enum ConfigError: Error, Equatable {
  /// `HOME` is not set, or is a path from the working folder, which may be anybody's; so the files' usual places are
  /// not known.
  case homeUnknown(String?, insteadOf: String)
  /// A path that a variable gives holds bytes that are not UTF-8; they are replaced in it.
  case pathNotText(String)
  case unreadable(file: String, FileFailure)
  case malformed(Syntax, at: SourceLocation)
  /// A profile's name holds something else than letters, digits and `-_/.%@:+`.
  case invalidProfileName(String)
  /// A property that would not be read back as it was meant: by its key, or by line ends, comments or space in its value.
  case unwritableProperty(Setting)
  case profileExists(String, at: SourceLocation)
  case ssoSessionExists(String, at: SourceLocation)
  /// A header such as `[profile "name"]` spells the profile's name: the AWS CLI reads it, the SDKs do not.
  case quotedProfile(String, at: SourceLocation)
  case unwritable(file: String, FileFailure)

  /// What a line does wrong.
  package enum Syntax: Equatable, Sendable {
    /// Bytes that are not UTF-8, or a NUL.
    case notText
    /// The bytes EF BB BF, which some editors put before the text and nobody sees.
    case byteOrderMark
    case sectionNotClosed
    case outsideSection
    case continuationWithoutProperty
    case propertyWithoutEquals
    case propertyWithoutName
    case subPropertyWithoutEquals
    case subPropertyWithoutName
  }
}
