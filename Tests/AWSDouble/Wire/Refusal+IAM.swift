extension Refusal {
  static func noSuchUser(_ name: String) -> Refusal { .noSuchEntity("The user with name \(name) cannot be found.") }

  static func noSuchRole(_ name: String) -> Refusal { .noSuchEntity("The role with name \(name) cannot be found.") }

  static func noSuchKey(_ id: String) -> Refusal { .noSuchEntity("The Access Key with id \(id) cannot be found.") }

  static func noSuchPolicy(_ name: String, of owner: String) -> Refusal {
    .noSuchEntity("The \(owner) policy with name \(name) cannot be found.")
  }

  static func noSuchDevice(_ serial: String) -> Refusal {
    .noSuchEntity("VirtualMFADevice with serial number \(serial) doesn't exist.")
  }

  static func alreadyExists(_ what: String) -> Refusal {
    Refusal(409, "EntityAlreadyExists", what + " already exists.")
  }

  static func deleteConflict(_ message: String) -> Refusal { Refusal(409, "DeleteConflict", message) }

  static func limitExceeded(_ quota: String, _ limit: Int) -> Refusal {
    Refusal(409, "LimitExceeded", "Cannot exceed quota for \(quota): \(limit)")
  }

  static func malformedPolicy(_ message: String) -> Refusal { Refusal(400, "MalformedPolicyDocument", message) }

  static var invalidCodes: Refusal {
    Refusal(403, "InvalidAuthenticationCode", "Authentication code for device is not valid.")
  }

  static var busy: Refusal {
    Refusal(
      409, "EntityTemporarilyUnmodifiable",
      "Entity is temporarily unmodifiable and cannot complete the request. Try again later.")
  }
}
