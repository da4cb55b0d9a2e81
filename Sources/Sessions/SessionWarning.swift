/// What a user is told though the credentials are delivered.
package enum SessionWarning {
  /// The cache could not be written.
  case notCached(any Error)
}
