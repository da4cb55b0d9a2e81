extension AWSDouble {
  /// Everything that only the account's users may know: their keys' secrets, and those and the tokens of every session.
  package var secrets: [String] {
    world.withLock { world in
      world.account.users.flatMap { $0.keys.map(\.secret) } + world.sessions.values.flatMap { [$0.secret, $0.token] }
    }
  }
}
