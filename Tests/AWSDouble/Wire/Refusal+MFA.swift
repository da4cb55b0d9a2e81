extension Refusal {
  private static let failed = "MultiFactorAuthentication failed"

  /// A code that is wrong, too old, too new or spent: AWS does not say which.
  static var invalidCode: Refusal { .accessDenied(failed + " with invalid MFA one time pass code.") }

  static var foreignSerial: Refusal {
    let advice = "Please verify your MFA serial number is valid and associated with this user."
    return .accessDenied(failed + ", unable to validate MFA code.  " + advice)
  }

  static var halfOfMFA: Refusal {
    .validation(failed + ", must provide both MFA serial number and one time pass code.")
  }
}
