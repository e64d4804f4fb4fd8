"""Makes assets/art: the motifs of decals, drawn by arithmetic."""
