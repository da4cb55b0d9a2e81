/// daypass, at one of its layers: adds keys and reads them back.
protocol KeyKeeper {
  /// Adds or replaces the key of `profile`; with a blow the keyring daemon is killed while it writes.
  func add(_ key: MadeUpKey, as profile: String, until blow: Blow?) throws -> Report
  func find(_ profile: String) throws -> Found
  func remove(_ profile: String) throws
}

/// What an `add` said.
enum Report: Equatable {
  case stored
  case failed(String)
}

/// What is there afterwards, as daypass tells it.
enum Found: Equatable {
  case absent, damaged
  case key(MadeUpKey)
  case unclear(String)
}
