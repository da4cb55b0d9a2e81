extension Verifier {
  /// Everything that decides what a request means must be signed; nothing a proxy may change can be.
  func checkSignedHeaders(_ signed: [String], of request: WireRequest, for service: Service) throws(Refusal) {
    let present = Set(request.headers.map { $0.name.lowercased() })
    let unsigned = mustBeSigned(in: present).filter { !signed.contains($0) }.sorted()
    guard unsigned.isEmpty else { throw .unsignedHeaders(unsigned, for: service) }
    let absent = signed.filter { !present.contains($0) }
    guard absent.isEmpty else {
      throw .badAuthorization(
        "SignedHeaders names \(absent.joined(separator: ", ")), which did not come.", for: service)
    }
  }

  private func mustBeSigned(in present: Set<String>) -> Set<String> {
    Set(["host", "x-amz-date"]).union(present.filter { $0.hasPrefix("x-amz-") || $0 == "content-type" })
  }

  /// The hash that goes into the canonical request, after it was held against the body.
  func payloadHash(of request: WireRequest, for service: Service) throws(Refusal) -> String {
    let actual = SignatureCalculation.hash(request.body)
    let declared = request["x-amz-content-sha256"]
    switch (service, declared) {
    case (.s3, nil):
      throw Refusal(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
    case (.s3, "UNSIGNED-PAYLOAD"): return "UNSIGNED-PAYLOAD"
    case (_, nil), (_, actual): return actual
    case (.s3, _):
      let message = "The provided 'x-amz-content-sha256' header does not match what was computed."
      throw Refusal(400, "XAmzContentSHA256Mismatch", message)
    case (_, _): throw .wrongSignature(for: service)
    }
  }
}
