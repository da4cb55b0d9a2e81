extension RoleSessionName {
  /// `user@host`, so that CloudTrail names the human: other characters than AWS allows become `-`, and 64 are kept.
  package init(user: String, host: String) {
    let allowed = "+=,.@-".utf8
    let name = "\(user)@\(host)".unicodeScalars.map { scalar in
      UInt8(exactly: scalar.value).flatMap { $0.isWordCharacter || allowed.contains($0) ? Character(scalar) : nil }
        ?? "-"
    }
    // Neither name may be empty, or one `@` alone would be too short.
    self.init(unchecked: String((name.count < 2 ? Array("daypass@") : name).prefix(64)))
  }
}
