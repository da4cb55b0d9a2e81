/// Why a request could not be signed or a digest not be made.
package enum SigningError: Error, Equatable {
  case libraryMissing(String, package: String)
  /// libcrypto is there and does not do it: a FIPS provider that failed its self-test, for one.
  case algorithmUnavailable(String)
}
