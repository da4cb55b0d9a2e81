import Glibc

/// The long run, `make soak`: what `make test` does for some rounds goes on for more.
package enum Soak {
  package static let isOn = getenv("DAYPASS_SOAK") != nil

  /// How often to do something: `usual` times in `make test`.
  package static func rounds(_ usual: Int, soak: Int) -> Int { isOn ? soak : usual }
}
