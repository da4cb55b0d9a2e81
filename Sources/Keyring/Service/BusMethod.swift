/// The D-Bus calls that libsecret has no stable function for.
enum BusMethod {
  /// Secret Service API, `org.freedesktop.Secret.Service`.
  case readAlias, searchItems, unlock
  /// Secret Service API, `org.freedesktop.Secret.Prompt`.
  case prompt
  case getProperty
  case nameHasOwner, processOfOwner

  /// The bus name of the Secret Service.
  static let service = "org.freedesktop.secrets"

  var owner: String {
    switch self {
    case .readAlias, .searchItems, .unlock, .prompt, .getProperty: Self.service
    case .nameHasOwner, .processOfOwner: "org.freedesktop.DBus"
    }
  }

  var interface: String {
    switch self {
    case .readAlias, .searchItems, .unlock: "org.freedesktop.Secret.Service"
    case .prompt: "org.freedesktop.Secret.Prompt"
    case .getProperty: "org.freedesktop.DBus.Properties"
    case .nameHasOwner, .processOfOwner: "org.freedesktop.DBus"
    }
  }

  var name: String {
    switch self {
    case .readAlias: "ReadAlias"
    case .searchItems: "SearchItems"
    case .unlock: "Unlock"
    case .prompt: "Prompt"
    case .getProperty: "Get"
    case .nameHasOwner: "NameHasOwner"
    case .processOfOwner: "GetConnectionUnixProcessID"
    }
  }
}
