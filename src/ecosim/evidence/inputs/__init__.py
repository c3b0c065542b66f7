"""Studies whose figures entered a rule, a prior or the calibration, or were seen while the rules were found."""
