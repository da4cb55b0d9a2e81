/// What an item looks like to the Secret Service: attributes, which everybody on the bus can read and which gnome-keyring
/// stores as unsalted hashes, so they hold a kind and a name, never more.
///
/// gnome-keyring lets a program that stores an item replace every other one whose attributes contain the new one's:
/// aws-vault's `{profile: NAME}` once took the place of ours. So all names of ours begin with `daypass-`, and nobody else's item
/// contains ours or is contained in it.
struct ItemSchema {
  let kind: ItemID.Kind
  let form: Form

  /// How the attributes are named.
  enum Form {
    case current
    /// Until version 0.1: still found, and replaced when the item is saved.
    case first
  }

  /// In bytes.
  static let largestSecret = 1 << 20

  init(_ kind: ItemID.Kind, _ form: Form = .current) {
    self.kind = kind
    self.form = form
  }

  /// What all items of this kind have in common.
  var attributes: [String: String] {
    switch form {
    case .current: ["daypass-format": "2", "daypass-kind": kind.rawValue, "xdg:schema": name]
    case .first: ["version": "1", "kind": kind.rawValue, "xdg:schema": name]
    }
  }

  func attributes(of name: String) -> [String: String] {
    attributes.merging([nameAttribute: name]) { _, new in new }
  }

  /// Whose item has these attributes; nil if ours would have others.
  func claim(in attributes: [String: String]) -> (name: String, strength: Strength)? {
    guard let name = attributes[nameAttribute] else { return nil }
    let ours = self.attributes(of: name)
    guard ours.allSatisfy({ attributes[$0.key] == $0.value }) else { return nil }
    return (name, attributes.count == ours.count ? .exact : .containing)
  }

  /// How well the attributes of an item match. KeePassXC adds some of its own to every item; beside an item that has exactly
  /// ours, one that has more is another program's.
  enum Strength { case exact, containing }

  private var nameAttribute: String {
    switch (form, kind) {
    case (.first, _): "profile"
    case (.current, .longTermKey), (.current, .rotation): "daypass-profile"
    case (.current, .session): "daypass-session"
    case (.current, .identityCenterToken), (.current, .loginToken): "daypass-sign-in"
    }
  }

  /// What programs that show keyrings know the kind of an item by; gnome-keyring adds one to an item that has none.
  private var name: String {
    switch kind {
    case .longTermKey: "io.github.daypass.LongTermKey"
    case .rotation: "io.github.daypass.Rotation"
    case .session: "io.github.daypass.Session"
    case .identityCenterToken: "io.github.daypass.IdentityCenterToken"
    case .loginToken: "io.github.daypass.LoginToken"
    }
  }
}
