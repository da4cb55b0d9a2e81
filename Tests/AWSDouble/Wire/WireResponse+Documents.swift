import FoundationEssentials

extension WireResponse {
  /// The answer of a call that succeeded, in the document shape of its service.
  static func result(of action: Action, _ elements: [XMLElement]) -> WireResponse {
    let id = UUID().uuidString.lowercased()
    switch action.service {
    case .s3:
      let root = XMLElement("ListAllMyBucketsResult", xmlns: Service.s3.namespace, elements)
      return document(root, 200, for: .s3, requestID: id)
    case .sts, .iam:
      let (name, namespace) = (action.rawValue, action.service.namespace)
      let metadata = XMLElement("ResponseMetadata", [XMLElement("RequestId", id)])
      let result = elements.isEmpty ? [] : [XMLElement(name + "Result", elements)]
      let root = XMLElement(name + "Response", xmlns: namespace, result + [metadata])
      return document(root, 200, for: action.service, requestID: id)
    }
  }

  static func refusal(_ refusal: Refusal, for service: Service) -> WireResponse {
    let id = UUID().uuidString.lowercased()
    let facts = [XMLElement("Code", refusal.code), XMLElement("Message", refusal.message)]
    let root =
      switch service {
      case .sts, .iam:
        XMLElement(
          "ErrorResponse", xmlns: service.namespace,
          [XMLElement("Error", [XMLElement("Type", refusal.type)] + facts), XMLElement("RequestId", id)])
      case .s3:
        XMLElement(
          "Error", facts + refusal.detailElements + [XMLElement("RequestId", id), XMLElement("HostId", "double")])
      }
    return document(root, refusal.status, for: service, requestID: id)
  }

  private static func document(_ root: XMLElement, _ status: Int, for service: Service, requestID: String)
    -> WireResponse
  {
    switch service {
    case .sts, .iam:
      return WireResponse(status, type: "text/xml", "\(root)\n", headers: [("x-amzn-RequestId", requestID)])
    case .s3:
      let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\(root)"
      let headers = [("x-amz-request-id", requestID), ("x-amz-id-2", "double")]
      return WireResponse(status, type: "application/xml", text, headers: headers)
    }
  }
}

extension Refusal {
  fileprivate var detailElements: [XMLElement] {
    details.sorted { $0.key < $1.key }.map { XMLElement($0.key, $0.value) }
  }
}
