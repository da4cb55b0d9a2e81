/// A property as it stands in a config file.
struct ConfigProperty: Equatable, Sendable {
  var name: Range<Int>
  /// The value, with its continuation lines as they stand in the file.
  var value: Range<Int>
  var line: Int
}
