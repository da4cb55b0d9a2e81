/// Why OpenSSL made no digest or authentication code.
package enum HashingError: Error, Equatable {
  case libraryMissing(String, package: String)
  /// libcrypto is there and does not do it: a FIPS provider that failed its self-test, for one.
  case algorithmUnavailable(String)
}
