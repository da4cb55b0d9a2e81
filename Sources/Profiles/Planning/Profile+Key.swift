/// Keys in plain text.
extension Profile {
  /// Whether a file holds a key of this profile, or half of one.
  var holdsKeyInFile: Bool {
    self[.accessKeyID] != nil || self[.secretAccessKey] != nil
  }

  /// This profile's key: the keyring's, even where a file holds one as well. Throws for half a key in a file.
  func longTermKey() throws(PlanError) -> CredentialPlan.LongTermKey {
    switch (self[.accessKeyID], self[.secretAccessKey]) {
    case (nil, nil): return CredentialPlan.LongTermKey(profile: name)
    case (let id?, .some): return CredentialPlan.LongTermKey(profile: name, plainText: id.location)
    case (let id?, nil): throw .partialKey(missing: .secretAccessKey, present: origin(of: id, .accessKeyID))
    case (nil, let secret?): throw .partialKey(missing: .accessKeyID, present: origin(of: secret, .secretAccessKey))
    }
  }
}
