import TestSupport
import Testing

/// The power fails in the middle of a rotation.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: Trace.isPossible, "strace does not trace here"))
struct PowerCutTests {
  @Test func `a power cut at any step of a rotation costs no key, and the next one leaves no stray one`() throws {
    var (lost, stray) = (0, 0)
    let places: [Int?] = (1...PowerCut.calls).map { $0 } + [nil]
    for call in places {
      let rotation = try PowerCut().happen(after: call)
      if try !rotation.holdsWorkingKey() {
        lost += 1
        Issue.record("no working key after call \(call ?? 0)")
      }
      let again = try rotation.scene.run("daypass rotate bob")
      #expect(again.status == .exited(0), "after call \(call ?? 0): \(again.errorText)")
      #expect(try rotation.holdsWorkingKey(), "after call \(call ?? 0), in the end")
      stray += rotation.listed.count - 1
    }
    #expect(lost == 0 && stray == 0)
    publish(figure: "rotate with a power cut: points, keys lost, stray keys", "\(places.count), \(lost), \(stray)")
  }
}
