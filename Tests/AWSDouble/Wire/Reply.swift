/// What is done with a connection whose request was read.
enum Reply: Sendable {
  case answer(WireResponse)
  /// The answer, once `AWSDouble.release()` says so.
  case held(WireResponse)
  /// Headers and the first half of the body, then the connection closes.
  case cut(WireResponse)
  /// The connection closes without a byte.
  case close
  /// Nothing, until the double stops.
  case hang
  /// The same request asked again after some seconds: it wants a code and all of now's are spent.
  case later(seconds: Int)
}
