/// The D-Bus calls that libsecret has no stable function for.
enum BusMethod {
  /// Secret Service API, `org.freedesktop.Secret.Service`.
  case readAlias
  case searchItems
  case getProperty
  case nameHasOwner

  var owner: String {
    switch self {
    case .readAlias, .searchItems, .getProperty: "org.freedesktop.secrets"
    case .nameHasOwner: "org.freedesktop.DBus"
    }
  }

  var interface: String {
    switch self {
    case .readAlias, .searchItems: "org.freedesktop.Secret.Service"
    case .getProperty: "org.freedesktop.DBus.Properties"
    case .nameHasOwner: "org.freedesktop.DBus"
    }
  }

  var name: String {
    switch self {
    case .readAlias: "ReadAlias"
    case .searchItems: "SearchItems"
    case .getProperty: "Get"
    case .nameHasOwner: "NameHasOwner"
    }
  }
}
