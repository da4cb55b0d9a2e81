/// Which virtual MFA devices to list.
package enum MFADeviceAssignment: String, Sendable {
  case assigned = "Assigned"
  case unassigned = "Unassigned"
  case any = "Any"
}
