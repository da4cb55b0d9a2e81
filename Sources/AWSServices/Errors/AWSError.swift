package import HTTP
package import Hashing

/// Why a call to AWS gave no answer that can be used.
package enum AWSError: Error, Equatable {
  case endpoint(EndpointError)
  case invalidRequest(InvalidRequest)
  case signing(HashingError)
  case http(HTTPError)
  /// AWS refused.
  case service(ServiceError)
  /// Something answered that is not AWS: a proxy, a captive portal, another server.
  case notAWS(ForeignAnswer)
  /// AWS's answer to `call` is broken, or its `element` is missing, repeated or not what it must be.
  case malformed(call: String, element: String)
  /// The session is for another role than the one asked for.
  case otherRole(asked: String, received: String)
  case libraryMissing(String, package: String)
}
