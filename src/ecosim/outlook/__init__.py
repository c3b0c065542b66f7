"""What may come: forecasts with bands, the chance that plan targets are met, and scores of both once the outcome is known.

`worlds` lives many worlds and keeps a few numbers of each; `indicators` says what is forecast; `forecasting`
and `plan` are the two questions; `split` and `chances` are their statistics; `frozen`, `benchmarks` and
`scoring` set a written forecast beside what happened.
"""
