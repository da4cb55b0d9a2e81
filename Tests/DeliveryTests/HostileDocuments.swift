import FoundationEssentials
import Secrets
import TestSupport
import Testing

@testable import Delivery

/// What `export` prints of hostile values.
enum HostileDocuments {
  /// A document in which key id, secret, token and region are one value.
  struct Document: Sendable {
    let exported: ExportedDocument
    let isCrafted: Bool
  }

  static let posix = of(.sh)
  static let fish = of(.fish)

  /// The documents of the values that are not refused; a refusal without need, or the want of one, fails the test.
  private static func of(_ format: ExportFormat) -> [Document] {
    HostileValues.all.enumerated().compactMap { index, value in
      let text = rendered(value, as: format)
      if (text == nil) == HostileValues.isText(value) { Issue.record("\(format) and \(value.prefix(60))") }
      guard let text else { return nil }
      let isCrafted = index < HostileValues.crafted.count
      let values = [String](repeating: String(decoding: value, as: UTF8.self), count: 5)
      return Document(exported: ExportedDocument(text, holding: values), isCrafted: isCrafted)
    }
  }

  /// Nil where it is refused.
  private static func rendered(_ value: [UInt8], as format: ExportFormat) -> String? {
    let text = String(decoding: value, as: UTF8.self)
    // Texts cannot hold what is not UTF-8, secrets can.
    let isText = text.utf8.elementsEqual(value)
    let credentials = Credentials(
      accessKeyID: isText ? text : "ASIAEXAMPLE", secretAccessKey: SecretBytes(copying: value.span),
      sessionToken: SecretBytes(copying: value.span), expiration: Date(timeIntervalSince1970: 1_795_248_000))
    do throws(DeliveryError) {
      return try format.render(credentials, of: "prod", in: isText ? text : nil).revealed()
    } catch {
      return nil
    }
  }
}

extension Shell {
  /// What it is given to read.
  var documents: [ExportedDocument] {
    let all = syntax == .posix ? HostileDocuments.posix : HostileDocuments.fish
    return (triesAll ? all : all.filter(\.isCrafted)).map(\.exported)
  }
}

extension Shell.Syntax {
  var format: ExportFormat {
    switch self {
    case .posix: .sh
    case .fish: .fish
    }
  }
}
