internal import AWSServices

extension ScenarioRun {
  private static let tries = 3

  /// Also where AWS does not see yet the user, the device, or that it is hers.
  private static let otherCodesWanted: [ServiceError.Meaning] = [
    .wrongMFACode, .unknownMFADevice, .iam(.noSuchEntity), .iam(.temporarilyUnmodifiable),
  ]

  /// Makes a call with codes, and with others where AWS refuses those, also for one of the `further` reasons; `call` is
  /// given the refusal before it.
  /// - Throws: `codesRefused`, what else `call` throws.
  func withCodes<Result: ~Copyable>(
    orOthersAfter further: [ServiceError.Meaning] = [], _ call: (ServiceError?) throws -> Result
  ) throws -> Result {
    var refusal: ServiceError?
    for _ in 1...Self.tries {
      do {
        return try call(refusal)
      } catch let error as AWSError {
        refusal = error.refusal(meaning: further + Self.otherCodesWanted)
        guard refusal != nil else { throw error }
      }
    }
    throw ScenarioError.codesRefused(tries: Self.tries, refusal)
  }
}
