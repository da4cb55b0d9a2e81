extension Duration {
  var milliseconds: Int {
    Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }

  /// Rounded up.
  var wholeSeconds: Int { (milliseconds + 999) / 1000 }
}
