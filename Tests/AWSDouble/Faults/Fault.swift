/// What goes wrong with one call.
package enum Fault: Equatable, Sendable {
  /// Nothing: lets a call through to reach a later one.
  case pass

  // The call is not carried out:
  /// `Throttling` 400; of S3 `SlowDown` 503.
  case throttle
  /// `InternalFailure` 500; of S3 `InternalError`.
  case serverError
  /// `ServiceUnavailable` 503; of S3 `SlowDown`.
  case unavailable
  /// `EntityTemporarilyUnmodifiable` 409, as IAM says after a change of the same thing.
  case busy
  /// No byte comes until the double stops.
  case hang
  /// The connection closes without a byte.
  case close
  /// 200 with a page of HTML, as a hotel's network gives it.
  case garbage
  /// 200 with an XML body of this many bytes.
  case huge(bytes: Int)
  /// 307 to another path of the double.
  case redirect
  /// This error document, in the shape of the called service.
  case refuse(status: Int, code: String, message: String)
  /// This answer, byte for byte.
  case answer(status: Int, type: String, body: String)

  // The call is carried out, its answer suffers:
  /// The connection closes without a byte, after the call had its effect.
  case closeAfterActing
  /// Half the body, then the connection closes.
  case cut
  /// A `Date` header this many seconds ahead.
  case wrongDate(seconds: Int)
  /// The answer waits for `AWSDouble.release()`.
  case delay
}
