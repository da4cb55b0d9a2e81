/// What a private bus does not do, though a stock one does.
package enum BusRestriction: Equatable, Sendable {
  /// It takes no more than that many connections at once.
  case connections(Int)
  /// It does not answer a method of its own.
  case withoutAnswer(to: String)

  /// For dbus-daemon(1), after the general policy.
  var configuration: String {
    switch self {
    case .connections(let count): #"<limit name="max_completed_connections">\#(count)</limit>"#
    case .withoutAnswer(let method):
      #"""
      <policy context="default">
        <deny send_interface="org.freedesktop.DBus" send_member="\#(method)"/>
      </policy>
      """#
    }
  }
}
