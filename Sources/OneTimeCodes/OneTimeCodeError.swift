/// Why no code could be made.
package enum OneTimeCodeError: Error, Equatable {
  case libraryMissing(String, package: String)
  case algorithmUnavailable(String)
}
